/** Read models of tenants, users and their credentials. */
@NullMarked
package io.agentledger.projection.identity;

import org.jspecify.annotations.NullMarked;
