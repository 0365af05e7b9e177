/**
 * Who and what is there, in pages, for operators: {@link dev.rollcall.engine.directory.Directory}. No question holds a lock, or keeps
 * Redis, for longer than a request of a client does.
 */
@NullMarked
package dev.rollcall.engine.directory;

import org.jspecify.annotations.NullMarked;
