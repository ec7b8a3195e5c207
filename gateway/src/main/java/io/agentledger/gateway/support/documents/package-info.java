/** The documents of the API, and the page that shows them. */
@NullMarked
package io.agentledger.gateway.support.documents;

import org.jspecify.annotations.NullMarked;
