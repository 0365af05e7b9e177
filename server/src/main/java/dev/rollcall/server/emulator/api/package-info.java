/** The emulator over HTTP: {@code /emulator/v1} on the admin port, for tests that are not written in Java. */
@NullMarked
package dev.rollcall.server.emulator.api;

import org.jspecify.annotations.NullMarked;
