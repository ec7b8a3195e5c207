/** Access tokens: the keys that sign them, what they say, and when keys change. */
@NullMarked
package io.agentledger.command.identity.token;

import org.jspecify.annotations.NullMarked;
