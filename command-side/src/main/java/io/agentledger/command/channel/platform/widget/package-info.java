/** Web chat widget, whose visitors read messages from the service. */
@NullMarked
package io.agentledger.command.channel.platform.widget;

import org.jspecify.annotations.NullMarked;
