-- Reads a part of a roster in order of joining.
--
-- KEYS[1]  order
-- KEYS[2]  states
-- ARGV[2]  how many are passed over
-- ARGV[3]  how many are listed
--
-- Returns the occupancy, the users, and their states with an empty one for none.

local count = redis.call('ZCARD', KEYS[1])
local limit = tonumber(ARGV[3])
if limit == 0 or count == 0 then
  return {count, {}, {}}
end
local users = redis.call('ZRANGE', KEYS[1], ARGV[2], ARGV[2] + limit - 1)
local states = {}
if #users > 0 and redis.call('EXISTS', KEYS[2]) == 1 then
  states = redis.call('HMGET', KEYS[2], unpack(users))
  for i = 1, #users do
    states[i] = states[i] or ''
  end
end
return {count, users, states}
