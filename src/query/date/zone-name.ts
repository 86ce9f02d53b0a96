/** Which identifiers name a time zone. Unlike `Intl`, a `mongod` insists on their upper and lower case. */

/**
 * Names that `Intl.supportedValuesOf` leaves out, some or all versions of it: they are other names of zones that it has.
 * Area → names within it, the tz database's.
 */
const aliases: readonly (readonly [area: string, names: string])[] = [
  ["Africa", `Asmara Asmera Timbuktu`],
  [
    "America",
    `Argentina/Buenos_Aires Argentina/Catamarca Argentina/ComodRivadavia Argentina/Cordoba
     Argentina/Jujuy Argentina/Mendoza Atikokan Atka Buenos_Aires Catamarca Coral_Harbour
     Cordoba Ensenada Fort_Wayne Godthab Indiana/Indianapolis Indianapolis Jujuy
     Kentucky/Louisville Knox_IN Louisville Mendoza Montreal Nipigon Nuuk Pangnirtung
     Porto_Acre Rainy_River Rosario Santa_Isabel Shiprock Thunder_Bay Virgin Yellowknife`,
  ],
  ["Antarctica", `South_Pole`],
  [
    "Asia",
    `Ashkhabad Calcutta Choibalsan Chongqing Chungking Dacca Harbin Ho_Chi_Minh Istanbul
     Kashgar Kathmandu Katmandu Kolkata Macao Rangoon Saigon Tel_Aviv Thimbu Ujung_Pandang
     Ulan_Bator Yangon`,
  ],
  ["Atlantic", `Faeroe Faroe Jan_Mayen`],
  [
    "Australia",
    `ACT Canberra Currie LHI NSW North Queensland South Tasmania Victoria West Yancowinna`,
  ],
  ["Brazil", `Acre DeNoronha East West`],
  [
    "",
    `CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich
     HST Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-
     CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore Turkey UCT UTC Universal W-SU
     WET Zulu`,
  ],
  ["Canada", `Atlantic Central Eastern Mountain Newfoundland Pacific Saskatchewan Yukon`],
  ["Chile", `Continental EasterIsland`],
  ["Etc", `Greenwich UCT UTC Universal Zulu`],
  ["Europe", `Belfast Kiev Kyiv Nicosia Tiraspol Uzhgorod Zaporozhye`],
  ["Mexico", `BajaNorte BajaSur General`],
  ["Pacific", `Chuuk Enderbury Johnston Kanton Pohnpei Ponape Samoa Truk Yap`],
  [
    "US",
    `Alaska Aleutian Arizona Central East-Indiana Eastern Hawaii Indiana-Starke Michigan
     Mountain Pacific Samoa`,
  ],
];

/** `Etc/GMT-14` to `Etc/GMT+12`, without leading zeros. */
const fixedZone = /^Etc\/GMT(?:0|-(?:\d|1[0-4])|\+(?:\d|1[0-2]))$/;

let names: ReadonlySet<string> | undefined;

export function isZoneName(text: string): boolean {
  // Made on first use: most servers never see a time zone.
  names ??= new Set([
    ...Intl.supportedValuesOf("timeZone"),
    ...aliases.flatMap(([area, list]) =>
      list.split(/\s+/).map((name) => (area === "" ? name : `${area}/${name}`)),
    ),
  ]);
  return names.has(text) || fixedZone.test(text);
}
