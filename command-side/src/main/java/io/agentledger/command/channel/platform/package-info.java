/** Port to messaging platforms; each platform is one package below it. */
@NullMarked
package io.agentledger.command.channel.platform;

import org.jspecify.annotations.NullMarked;
