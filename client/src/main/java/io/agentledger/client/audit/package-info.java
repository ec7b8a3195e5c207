/** Client of the access audit. */
@NullMarked
package io.agentledger.client.audit;

import org.jspecify.annotations.NullMarked;
