-- Tells all that is known of a user in a channel.
--
-- KEYS, ARGV[2…10]  see channel.lua
-- ARGV[11]  user
-- ARGV[12…] other users, of whom it is told who is present
--
-- Returns what time it is, milliseconds; the end of the lease, milliseconds, and its timeout in seconds; what it was before the connection
-- was lost, see disconnect.lua; when they joined, microseconds; their state; until when it is kept, milliseconds; until when a subscribe does
-- not join them, milliseconds; when and why they went last, see channel.lua; when the next interval event is due, milliseconds; until when
-- there is a time of grace, milliseconds; all of these empty where there is nothing of the kind; the occupancy; and who of the others is
-- present.

turn_to(ARGV[2], ARGV[3], FIRST_OF_CHANNEL, #KEYS, SETTINGS)
local user = ARGV[11]
local deadline, timeout = lease_of(user)
local others = {}
for i = 12, #ARGV do
  if redis.call('ZSCORE', ORDER, ARGV[i]) then
    others[#others + 1] = ARGV[i]
  end
end
return {
  int(NOW_MILLIS),
  deadline and int(deadline) or '',
  timeout and int(timeout) or '',
  redis.call('HGET', LEAVING, user) or '',
  redis.call('ZSCORE', ORDER, user) or '',
  redis.call('HGET', STATES, user) or '',
  redis.call('ZSCORE', ABSENT, user) or '',
  redis.call('ZSCORE', DEBOUNCED, user) or '',
  redis.call('ZSCORE', GONE, MEMBER .. ',' .. user) or '',
  redis.call('HGET', INTERVAL, 'next') or '',
  redis.call('GET', GRACE) or '',
  occupancy(),
  others
}
