-- Has what is published under wildcards recorded, for a while.
--
-- KEYS     the wish of each
-- ARGV[2]  how long they last, milliseconds
--
-- Returns how many of them were not there.

local lost = 0
for _, wish in ipairs(KEYS) do
  if not redis.call('SET', wish, '1', 'PX', ARGV[2], 'GET') then
    lost = lost + 1
  end
end
return lost
