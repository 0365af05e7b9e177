/** Who is in a channel, as an object that keeps itself up to date. */
@NullMarked
package dev.rollcall.client.roster;

import org.jspecify.annotations.NullMarked;
