/** Layout of the text log. */
@NullMarked
package io.agentledger.gateway.support.logging;

import org.jspecify.annotations.NullMarked;
