/** The engine that keeps everything in the memory of one process. */
@NullMarked
package dev.rollcall.engine.embedded;

import org.jspecify.annotations.NullMarked;
