/** Queries about tenants, users and credentials. */
@NullMarked
package io.agentledger.query.identity;

import org.jspecify.annotations.NullMarked;
