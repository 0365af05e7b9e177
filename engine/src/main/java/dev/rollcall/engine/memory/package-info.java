/** What a server holds for its clients, counted by kind, against one budget. */
@NullMarked
package dev.rollcall.engine.memory;

import org.jspecify.annotations.NullMarked;
