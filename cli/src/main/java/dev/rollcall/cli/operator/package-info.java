/** What operators do, by the admin port. */
@NullMarked
package dev.rollcall.cli.operator;

import org.jspecify.annotations.NullMarked;
