/** WhatsApp by the Cloud API of Meta. */
@NullMarked
package io.agentledger.command.channel.platform.whatsapp;

import org.jspecify.annotations.NullMarked;
