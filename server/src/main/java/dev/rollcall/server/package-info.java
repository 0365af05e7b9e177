/**
 * The server: reads its configuration, starts an engine, and puts HTTP in front of it. {@link dev.rollcall.server.Main} is the command
 * line, {@link dev.rollcall.server.RollcallServer} the same for programs.
 */
@NullMarked
package dev.rollcall.server;

import org.jspecify.annotations.NullMarked;
