/** The page of operators on the admin port. */
@NullMarked
package dev.rollcall.server.console;

import org.jspecify.annotations.NullMarked;
