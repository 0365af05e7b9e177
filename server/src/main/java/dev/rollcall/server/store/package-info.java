/** The little that outlives the process: a few maps in one file, written before anybody is told that something was done. */
@NullMarked
package dev.rollcall.server.store;

import org.jspecify.annotations.NullMarked;
