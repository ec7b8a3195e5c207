/** When credentials were used last: written where they are checked, read where they are shown. */
@NullMarked
package io.agentledger.store.credential;

import org.jspecify.annotations.NullMarked;
