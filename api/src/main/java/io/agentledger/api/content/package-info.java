/** Sealed content: personal data that can be erased on request. */
@NullMarked
package io.agentledger.api.content;

import org.jspecify.annotations.NullMarked;
