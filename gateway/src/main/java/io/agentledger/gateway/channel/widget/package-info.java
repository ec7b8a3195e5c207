/** Chat widget for web pages: its script, and the endpoints for visitors. */
@NullMarked
package io.agentledger.gateway.channel.widget;

import org.jspecify.annotations.NullMarked;
