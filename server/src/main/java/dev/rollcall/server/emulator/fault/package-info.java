/** What goes wrong in an emulator because somebody asked for it: which requests it meets, and what becomes of them. */
@NullMarked
package dev.rollcall.server.emulator.fault;

import org.jspecify.annotations.NullMarked;
