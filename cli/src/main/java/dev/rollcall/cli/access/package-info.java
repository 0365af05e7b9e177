/** Tokens and signatures. */
@NullMarked
package dev.rollcall.cli.access;

import org.jspecify.annotations.NullMarked;
