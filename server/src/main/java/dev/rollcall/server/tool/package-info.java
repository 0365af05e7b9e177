/** Commands about files of a server, which start none: configurations, rules, snapshots. */
@NullMarked
package dev.rollcall.server.tool;

import org.jspecify.annotations.NullMarked;
