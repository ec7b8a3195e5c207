/** WhatsApp by Twilio. */
@NullMarked
package io.agentledger.command.channel.platform.twilio;

import org.jspecify.annotations.NullMarked;
