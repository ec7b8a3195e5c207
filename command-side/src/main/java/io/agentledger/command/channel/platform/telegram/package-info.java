/** Bots of Telegram. */
@NullMarked
package io.agentledger.command.channel.platform.telegram;

import org.jspecify.annotations.NullMarked;
