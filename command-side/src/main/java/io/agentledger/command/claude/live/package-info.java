/** Live view of sessions: partial messages and progress, which are not recorded. */
@NullMarked
package io.agentledger.command.claude.live;

import org.jspecify.annotations.NullMarked;
