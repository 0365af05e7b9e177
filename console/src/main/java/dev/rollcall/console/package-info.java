/** The page of operators, as files for whoever serves them. */
@NullMarked
package dev.rollcall.console;

import org.jspecify.annotations.NullMarked;
