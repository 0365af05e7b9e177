/** Questions about who is where, and counts. */
@NullMarked
package dev.rollcall.engine.embedded.query;

import org.jspecify.annotations.NullMarked;
