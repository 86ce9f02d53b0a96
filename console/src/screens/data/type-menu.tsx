/** Puts a value of any type where the cursor is. */
import { Button, Menu } from "@mantine/core";
import type { ReactNode } from "react";

const types: readonly (readonly [type: string, text: () => string])[] = [
  ["String", () => '""'],
  ["Int32", () => "0"],
  ["Int64", () => '{ "$numberLong": "0" }'],
  ["Double", () => "0.0"],
  ["Decimal128", () => '{ "$numberDecimal": "0.00" }'],
  ["Boolean", () => "true"],
  ["Null", () => "null"],
  ["Object", () => "{  }"],
  ["Array", () => "[  ]"],
  ["ObjectId", () => "ObjectId()"],
  ["Date", () => `{ "$date": "${new Date().toISOString()}" }`],
  ["UUID", () => `{ "$uuid": "${crypto.randomUUID()}" }`],
  ["Binary", () => '{ "$binary": { "base64": "", "subType": "00" } }'],
  ["Regex", () => '{ "$regularExpression": { "pattern": "", "options": "" } }'],
  ["Timestamp", () => `{ "$timestamp": { "t": ${Math.floor(Date.now() / 1000)}, "i": 1 } }`],
  ["Code", () => '{ "$code": "" }'],
  ["CodeWithScope", () => '{ "$code": "", "$scope": {} }'],
  ["Symbol", () => '{ "$symbol": "" }'],
  [
    "DBPointer",
    () => '{ "$dbPointer": { "$ref": "db.coll", "$id": { "$oid": "000000000000000000000000" } } }',
  ],
  ["MinKey", () => '{ "$minKey": 1 }'],
  ["MaxKey", () => '{ "$maxKey": 1 }'],
  ["Undefined", () => '{ "$undefined": true }'],
];

export function TypeMenu({ onChoice }: { readonly onChoice: (text: string) => void }): ReactNode {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="compact-sm" variant="default">
          Insert a value
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflow: "auto" }}>
        {types.map(([type, text]) => (
          <Menu.Item
            key={type}
            onClick={() => {
              onChoice(text());
            }}
          >
            {type}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
