/** API keys. */
@NullMarked
package io.agentledger.command.identity.apikey;

import org.jspecify.annotations.NullMarked;
