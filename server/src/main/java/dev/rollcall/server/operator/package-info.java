/** Who may operate a server by its admin port: tokens, sessions, and what keeps pages of others from it. */
@NullMarked
package dev.rollcall.server.operator;

import org.jspecify.annotations.NullMarked;
