-- Has streams written that somebody reads, such as what is published under wildcards, for a while.
--
-- KEYS     the wish of each, and where they are wildcards behind each the wildcards of its keyset, see follow.lua
-- ARGV[2]  how long they last, milliseconds
-- ARGV[3]  where they are wildcards, how long one counts after it was last asked for, milliseconds
-- ARGV[4…] and the wildcards
--
-- Returns how many of them were not there.

local lost = 0
for i = 1, #KEYS, ARGV[3] and 2 or 1 do
  if not redis.call('SET', KEYS[i], '1', 'PX', ARGV[2], 'GET') then
    lost = lost + 1
  end
  if ARGV[3] then
    redis.call('ZADD', KEYS[i + 1], int(NOW_MILLIS), ARGV[(i + 7) / 2])
    redis.call('PEXPIRE', KEYS[i + 1], ARGV[3])
  end
end
return lost
