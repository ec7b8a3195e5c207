/** Queries about tenants, users and credentials, and the views that answer them. */
@NullMarked
package io.agentledger.api.identity.query;

import org.jspecify.annotations.NullMarked;
