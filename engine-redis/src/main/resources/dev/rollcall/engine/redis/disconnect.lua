-- Notes that the last subscribe a node held of a user in a channel lost its connection: their lease ends as a leave after the debounce
-- time, unless there is a sign of life. Nodes that hold another are asked for one. Where what it stood on was revoked there is no debounce
-- time, for nobody comes back with that.
--
-- KEYS, ARGV[2…10]  see channel.lua
-- ARGV[11]  user
-- ARGV[12]  the stream of the channel's messages, to whose followers the question goes
-- ARGV[13]  why, see channel.lua
--
-- Returns 1, the occupancy after it and when it was, if they left at once; or 0.

turn_to(ARGV[2], ARGV[3], FIRST_OF_CHANNEL, #KEYS, SETTINGS)
-- How long an answer may take where there is no debounce time, milliseconds.
local PATIENCE = 500

local user = ARGV[11]
local deadline, timeout = lease_of(user)
if not deadline or timeout == LOST then
  return {0}
end
local asked = redis.call('SPUBLISH', ARGV[12], int(fence(LAST, 0)) .. '0' .. 'd' .. user)
-- Where nobody but the node that asks follows the channel, nobody else holds a subscribe.
local cause = tonumber(ARGV[13])
local wait = cause == REVOKED and 0 or DEBOUNCE
if wait == 0 and asked <= 1 then
  local count, us = depart(user, cause)
  return {1, count, int(us)}
end
deadline = math.min(deadline, NOW_MILLIS + (wait > 0 and wait or PATIENCE))
-- A zero before it tells of a revocation.
redis.call('HSET', LEAVING, user, (cause == REVOKED and '0' or '') .. int(timeout))
redis.call('ZADD', LEASES, lease_score(deadline, LOST), user)
due_by(deadline)
return {0}
