/** Locks with ranks: the order in which threads may take them, checked in every test. */
@NullMarked
package dev.rollcall.engine.embedded.lock;

import org.jspecify.annotations.NullMarked;
