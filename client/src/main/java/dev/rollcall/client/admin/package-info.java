/**
 * For operators: {@link dev.rollcall.client.admin.RollcallAdmin} asks the admin port of a Rollcall server who is where and why, takes users
 * off, and listens to what happens.
 */
@NullMarked
package dev.rollcall.client.admin;

import org.jspecify.annotations.NullMarked;
