/** What keys and looks up millions of small things at little cost: chained hash tables, seeded hashes, ids of users. */
@NullMarked
package dev.rollcall.engine.embedded.table;

import org.jspecify.annotations.NullMarked;
