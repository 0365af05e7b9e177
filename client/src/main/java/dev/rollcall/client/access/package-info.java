/** Access tokens: the rights in them, and how to read them. */
@NullMarked
package dev.rollcall.client.access;

import org.jspecify.annotations.NullMarked;
