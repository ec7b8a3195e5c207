/** Queries about tenants, users and credentials, and their views. */
@NullMarked
package io.agentledger.api.identity.query;

import org.jspecify.annotations.NullMarked;
