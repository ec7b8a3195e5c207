/** Generic HTTP platform: any service that calls and serves signed JSON. */
@NullMarked
package io.agentledger.command.channel.platform.http;

import org.jspecify.annotations.NullMarked;
