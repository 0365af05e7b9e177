/** Taking users off, and keeping them off for a while: {@link dev.rollcall.engine.kick.Kicks}. */
@NullMarked
package dev.rollcall.engine.kick;

import org.jspecify.annotations.NullMarked;
