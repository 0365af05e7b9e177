/**
 * The packages in which Rollcall is installed: archives, a Debian package, a container image. Each is a {@link
 * dev.rollcall.dist.FileTree} written in one format or another; what is written depends on the files, the version and the JDK alone.
 */
@NullMarked
package dev.rollcall.dist;

import org.jspecify.annotations.NullMarked;
