/** Apps of Slack. */
@NullMarked
package io.agentledger.command.channel.platform.slack;

import org.jspecify.annotations.NullMarked;
