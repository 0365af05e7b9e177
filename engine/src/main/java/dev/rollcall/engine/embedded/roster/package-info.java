/** Who is where: shards, rosters, leases, absences, and the rules by which they change. */
@NullMarked
package dev.rollcall.engine.embedded.roster;

import org.jspecify.annotations.NullMarked;
