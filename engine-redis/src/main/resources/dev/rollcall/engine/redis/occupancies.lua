-- Reads how many are in each of several channels of a partition.
--
-- KEYS  order of each
--
-- Returns their occupancies.

local counts = {}
for i, order in ipairs(KEYS) do
  counts[i] = redis.call('ZCARD', order)
end
return counts
