/**
 * A server whose clock can be moved, for tests of what is built on it: {@link dev.rollcall.server.emulator.Emulator}. Nothing here is part
 * of a server that was not started as an emulator.
 */
@NullMarked
package dev.rollcall.server.emulator;

import org.jspecify.annotations.NullMarked;
