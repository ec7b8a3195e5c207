/** Markdown in the markup of platforms, divided into parts of limited length. */
@NullMarked
package io.agentledger.command.channel.platform.markup;

import org.jspecify.annotations.NullMarked;
