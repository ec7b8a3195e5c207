/**
 * The access audit: actor, credential, source and outcome of each action, including denied
 * requests.
 */
@NullMarked
package io.agentledger.api.audit;

import org.jspecify.annotations.NullMarked;
