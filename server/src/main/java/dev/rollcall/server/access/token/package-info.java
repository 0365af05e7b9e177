/** Tokens: what they say, their bytes, and how they are made and checked. */
@NullMarked
package dev.rollcall.server.access.token;

import org.jspecify.annotations.NullMarked;
